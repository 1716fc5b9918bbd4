"""The one program: a PyInstaller recipe for computers on which no Python may be installed."""
