@echo off
rem Plain ASCII: what is said to the user is in install.py and in no-python.txt.
setlocal
chcp 65001 >nul
pushd "%~dp0"
set "PYTHONUTF8=1"
set "OWN=%LOCALAPPDATA%\xingzhi\python\python.exe"
set "CHECK=import struct, sys; sys.exit(struct.calcsize('P') != 8 or '%%d.%%d' %% sys.version_info[:2] not in '@PYTHONS@'.split())"

if exist "%OWN%" "%OWN%" -c "%CHECK%" >nul 2>nul && goto own
set "RUN="
for %%V in (@PYTHONS@) do if not defined RUN py -%%V -c "%CHECK%" >nul 2>nul && set "RUN=py -%%V"
if not defined RUN python -c "%CHECK%" >nul 2>nul && set "RUN=python"
if defined RUN goto found

for %%F in (python\python-3*-amd64.exe) do "%%F" /quiet InstallAllUsers=0 Include_launcher=0 Include_test=0 Shortcuts=0 AssociateFiles=0 "TargetDir=%LOCALAPPDATA%\xingzhi\python"
if exist "%OWN%" goto own
for %%F in (python\cpython-3*windows*.tar.gz) do (mkdir "%LOCALAPPDATA%\xingzhi" 2>nul & tar -xzf "%%F" -C "%LOCALAPPDATA%\xingzhi")
if exist "%OWN%" goto own
type no-python.txt
goto failed

:own
"%OWN%" install.py %* && goto done
goto failed

:found
%RUN% install.py %* && goto done

:failed
popd
if not defined XINGZHI_QUIET pause
exit /b 1

:done
popd
if not defined XINGZHI_QUIET pause
exit /b 0
