"""Files that people and the data folder hold: plain ones read, and a disk that cannot be written named."""
