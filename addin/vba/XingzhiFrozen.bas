Attribute VB_Name = "XingzhiFrozen"
Option Explicit

' Run a command with the frozen program that `xingzhi addin install` wrote down.
Public Sub RunCommand(ByVal CommandName As String)
    Dim Executable As String
    If Not MayRun(CommandName) Then Exit Sub
    Executable = GetConfig("XINGZHI_EXE")
    If Executable = "" Then
        TellUser TextNotInstalled()
    ElseIf Not FileExists(Executable) Then
        TellUser TextNoProgram() & " " & Executable
    Else
        RunFrozenPython Executable, "macro " & CommandName
    End If
End Sub
