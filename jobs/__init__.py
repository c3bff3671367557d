"""The timetable and the thin jobs it runs; in-process by default, apart with JOBS=off."""
