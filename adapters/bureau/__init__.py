"""The copyright bureau: its website as a flow sees it, worked in a browser, and what its pages must show."""
