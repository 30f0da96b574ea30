// Each of these tests starts hosts and measures or loads them: what one asks of the machine is not to be another's trouble.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
