namespace Amoe.Engine.Actors.Sharding;

/// <summary>Logs in one line how many partitions a host serves, once that number has changed and is stable.</summary>
internal sealed class ServedReport : IDisposable
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(1);

    private readonly HostContext _context;
    private readonly Action<string> _log;
    private readonly ITimer _timer;
    private int _said;
    private int _seen;

    public ServedReport(HostContext context, ClusterHostSetup setup)
    {
        (_context, _log) = (context, setup.Report ?? setup.Log);
        _timer = setup.Time.CreateTimer(_ => Look(), null, _lookEvery, _lookEvery);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var served = _context.Here.Count(partition => partition.IsServing);
        var isStill = Interlocked.Exchange(ref _seen, served) == served;
        if (isStill && Interlocked.Exchange(ref _said, served) != served)
            _log($"serves {served} of {_context.Identity.TotalPartitions} partitions");
    }
}
