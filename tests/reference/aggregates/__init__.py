"""Every figure of domain.md sections 5 to 7, counted a second time from the reference's students.

As the reference itself it imports nothing from pipelines/ or dbt_project/. A figure is a `Cell` and its counts; nothing is
hidden here.
"""
