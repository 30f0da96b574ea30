namespace Amoe.Engine.Tests.Cluster;

/// <summary>What is wrong just now: cut lines, a store that is down or full or out of a host's reach.</summary>
internal sealed class Troubles(World world, Weather weather)
{
    private readonly Dictionary<(string From, string To), TimeSpan> _cutUntil = [];
    private readonly Dictionary<string, TimeSpan> _unreachableUntil = [];
    private TimeSpan _storeDownUntil;
    private TimeSpan _diskFullUntil;

    public void Cut(string from, string to, TimeSpan time) => _cutUntil[(from, to)] = world.Now + time;

    public void TakeStoreFrom(SimulatedProcess process, TimeSpan time) => _unreachableUntil[process.Name] = world.Now + time;

    public void StopStore(TimeSpan time) => _storeDownUntil = world.Now + time;

    public void FillDisk(TimeSpan time) => _diskFullUntil = world.Now + time;

    public bool IsCut(string from, string to) => IsOn(_cutUntil.GetValueOrDefault((from, to)));

    /// <summary>What becomes of a call on the store.</summary>
    public CallFate Fate(SimulatedProcess process, StoreCall call)
    {
        if (IsOn(_storeDownUntil) || IsOn(_unreachableUntil.GetValueOrDefault(process.Name)))
            return CallFate.Failed;
        if (call is StoreCall.Append or StoreCall.Snapshot && IsOn(_diskFullUntil))
            return CallFate.Failed;
        if (weather.Happens(Fault.StoreCallFailed))
            return CallFate.Failed;
        if (weather.Happens(Fault.StoreReplyLost))
            return CallFate.ReplyLost;
        return call == StoreCall.Append && weather.Happens(Fault.AppendArrivesLate) ? CallFate.Late : CallFate.Done;
    }

    private bool IsOn(TimeSpan until) => until > world.Now && !weather.IsCalm;
}
