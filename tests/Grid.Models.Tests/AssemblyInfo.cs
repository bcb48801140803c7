// Sessions in memory are counted for the whole process, and so is its memory.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
