"""Events of stories, differences between mirrors, and their timelines."""
