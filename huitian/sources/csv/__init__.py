"""Tables of text: CSV and its kin, from any office program."""
