"""Random re-checks of posted merits (抽查): how many, which, the slips to take along, what was found."""
