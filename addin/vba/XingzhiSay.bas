Attribute VB_Name = "XingzhiSay"
Option Explicit

Public Sub TellUser(ByVal Message As String)
    MsgBox Message, vbExclamation, TextTitle()
End Sub
