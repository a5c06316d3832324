"""The end of a quarter or a year (期末结转): what is carried over, what ends, and the statement that says so."""
