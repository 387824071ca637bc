"""Why an answer is what it is: pieces for and against, what is missing, whom it resembles."""
