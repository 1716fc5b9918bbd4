Attribute VB_Name = "XingzhiGuard"
Option Explicit

' Whether a command may run now. The name becomes part of a command line, so it can be nothing but letters of a name.
Public Function MayRun(ByVal CommandName As String) As Boolean
    MayRun = False
    If Not IsName(CommandName) Then
        TellUser TextBadCommand()
    ElseIf ActiveWorkbook Is Nothing Then
        TellUser TextNoWorkbook()
    ElseIf Not IsPlain(ActiveWorkbook.Name) Then
        TellUser TextBadFileName()
    Else
        MayRun = True
    End If
End Function

Public Function IsName(ByVal Text As String) As Boolean
    IsName = HasOnly(Text, "abcdefghijklmnopqrstuvwxyz_")
End Function

' xlwings puts the workbook's name between double quotes on the command line: of cmd on Windows, whose file names hold
' none of the first, and of sh on a Mac, whose file names may. It takes what follows a = for the end of the name, and cmd
' takes a % for the beginning of a variable.
Public Function IsPlain(ByVal FileName As String) As Boolean
    IsPlain = HasNone(FileName, Chr(34) & "$`\|=%")
End Function

Private Function HasOnly(ByVal Text As String, ByVal Letters As String) As Boolean
    Dim Place As Long
    HasOnly = Len(Text) > 0
    For Place = 1 To Len(Text)
        If InStr(1, Letters, Mid(Text, Place, 1), vbBinaryCompare) = 0 Then HasOnly = False
    Next Place
End Function

Private Function HasNone(ByVal Text As String, ByVal Letters As String) As Boolean
    Dim Place As Long
    HasNone = True
    For Place = 1 To Len(Text)
        If InStr(1, Letters, Mid(Text, Place, 1), vbBinaryCompare) > 0 Then HasNone = False
    Next Place
End Function
