"""What a command for pictures of your own needs beyond the rooms below: search. (Encode and decode need no more.)"""
