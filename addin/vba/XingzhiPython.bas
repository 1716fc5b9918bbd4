Attribute VB_Name = "XingzhiPython"
Option Explicit

' Run a command with the Python that `xingzhi addin install` wrote down. Without it xlwings would take whatever `python`
' it finds, with the folder of some workbook first on its path.
Public Sub RunCommand(ByVal CommandName As String)
    If Not MayRun(CommandName) Then Exit Sub
    If Interpreter() = "" Then
        TellUser TextNotInstalled()
    ElseIf Not IsThere(Interpreter()) Then
        TellUser TextNoProgram() & " " & Interpreter()
    Else
        RunPython "import addin.excel; addin.excel.run('" & CommandName & "')"
    End If
End Sub

Private Function Interpreter() As String
    #If Mac Then
        Interpreter = GetConfig("INTERPRETER_MAC")
    #Else
        Interpreter = GetConfig("INTERPRETER_WIN")
    #End If
End Function

' On a Mac Excel's sandbox would ask the user whether it may look.
Private Function IsThere(ByVal Program As String) As Boolean
    IsThere = True
    #If Not Mac Then
        IsThere = FileExists(Program)
    #End If
End Function
