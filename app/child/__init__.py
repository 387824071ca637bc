"""Child processes: started, watched, stopped, and what their lines say."""
