"""Reads plain files of people and of the data folder, and names a disk that cannot be written."""
