Attribute VB_Name = "XingzhiRibbon"
Option Explicit

' Every button of the ribbon comes here: its tag is the name of its command.
Public Sub RunTag(control As IRibbonControl)
    RunCommand control.Tag
End Sub
