"""The flows, one module each: the data of a case, its facts, guards and actions, and the table to read first."""
