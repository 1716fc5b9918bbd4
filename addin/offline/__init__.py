"""The offline folder: what a computer without Python and without a network installs xingzhi from."""
