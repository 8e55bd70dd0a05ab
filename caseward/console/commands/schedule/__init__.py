"""Commands of the terminal about schedules, their runs and the processes that serve them."""
