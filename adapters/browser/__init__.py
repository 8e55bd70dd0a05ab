"""One Chromium a process: found or installed, started, watched, ended, and kept from every host but one."""
