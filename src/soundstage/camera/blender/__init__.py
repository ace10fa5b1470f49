"""Everything that runs inside Blender: imported by the worker process only."""
