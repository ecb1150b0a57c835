"""A disk of its own that can be full: a tmpfs, so only root can have one."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

PAGE = 4096
ROOMY = 4 * 2**30
"""Bytes it may hold while it is not full; only what is used takes memory."""


class Disk:
    """Mounted at a folder, with as much room as it needs until `fill`. Raises PermissionError where that cannot be."""

    def __init__(self, folder: Path) -> None:
        if os.geteuid() != 0 or shutil.which("mount") is None:
            raise PermissionError("only root mounts a disk")
        self.folder = folder
        folder.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOMY},mode=0755", "mentoring-chaos", str(folder)])
        if done.returncode:
            raise PermissionError("mounting a disk is not allowed here")

    def fill(self) -> None:
        """Leave no room: whoever needs another page gets ENOSPC. Who writes meanwhile makes it a page or two more."""
        more = PAGE
        while not self._resized(self._used() + more):
            more *= 2

    def free(self) -> None:
        """Make room again."""
        assert self._resized(ROOMY)

    def close(self) -> None:
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True)

    def _used(self) -> int:
        there = os.statvfs(self.folder)
        return (there.f_blocks - there.f_bfree) * there.f_frsize

    def _resized(self, size: int) -> bool:
        command = ["mount", "-o", f"remount,size={size}", str(self.folder)]
        return subprocess.run(command, capture_output=True).returncode == 0
