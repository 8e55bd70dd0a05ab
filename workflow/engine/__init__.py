"""What moves cases: sweeps and ticks, decisions and actions, commits, people's commands, the outbox and the audit."""
