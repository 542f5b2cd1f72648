// Load contexts are counted per process, and misbehaving plugins are told by process-wide data what to do.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
