Attribute VB_Name = "XingzhiPython"
Option Explicit

' Run a command with the Python that `xingzhi addin install` wrote down. Without it xlwings would take whatever `python`
' it finds, with the folder of some workbook first on its path.
Public Sub RunCommand(ByVal CommandName As String)
    If Not MayRun(CommandName) Then Exit Sub
    If Interpreter() = "" Then
        TellUser TextNotInstalled()
        Exit Sub
    End If
    RunPython "import addin.excel; addin.excel.run('" & CommandName & "')"
End Sub

Private Function Interpreter() As String
    #If Mac Then
        Interpreter = GetConfig("INTERPRETER_MAC")
    #Else
        Interpreter = GetConfig("INTERPRETER_WIN")
    #End If
End Function
