@echo off
rem Starts what install.cmd has installed; @WHAT@
setlocal
chcp 65001 >nul
set "XINGZHI=%LOCALAPPDATA%\xingzhi"
if defined XINGZHI_HOME set "XINGZHI=%XINGZHI_HOME%"
if not exist "%XINGZHI%\env\Scripts\xingzhi.exe" (type "%~dp0not-installed.txt" & pause & exit /b 1)
@FOLDER@
"%XINGZHI%\env\Scripts\xingzhi.exe" @ARGUMENTS@ %*
@PAUSE@
