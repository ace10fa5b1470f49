"""Measuring a finished film: the mp4 as any player shows it, against the Take where there is one."""
