Attribute VB_Name = "XingzhiMacros"
Option Explicit

' One macro a command, for the buttons on a sheet and for the list of macros.

Public Sub xingzhi_check()
    RunCommand "check"
End Sub

Public Sub xingzhi_next_finding()
    RunCommand "next_finding"
End Sub

Public Sub xingzhi_deadlines()
    RunCommand "deadlines"
End Sub

Public Sub xingzhi_add_activity()
    RunCommand "add_activity"
End Sub

Public Sub xingzhi_number_rows()
    RunCommand "number_rows"
End Sub

Public Sub xingzhi_clear_marks()
    RunCommand "clear_marks"
End Sub

Public Sub xingzhi_submit()
    RunCommand "submit"
End Sub

Public Sub xingzhi_consolidate()
    RunCommand "consolidate"
End Sub

Public Sub xingzhi_progress()
    RunCommand "progress"
End Sub

Public Sub xingzhi_about()
    RunCommand "about"
End Sub
