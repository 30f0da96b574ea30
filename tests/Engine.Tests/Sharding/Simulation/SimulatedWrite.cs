using Amoe.Engine.Actors;
using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>
/// A write as <see cref="PostgresWriteJournal"/> makes it: one that the store does not answer is made again, unless it
/// turns out to be durable.
/// </summary>
/// <param name="ended">Called once with whether it is durable; in a host that has ended, never.</param>
internal sealed class SimulatedWrite(SimulatedHost host, int partition, EncodedFrame frame, Action<bool> ended)
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(100);

    private readonly TimeSpan _began = host.World.Now;
    private bool _isHeld;

    private ClusterWorld World => host.World;

    public void Begin()
    {
        host.WriteBegins(partition);
        World.Store.Write(host, partition, frame, Answered, Unanswered);
    }

    private void Answered(bool isDurable)
    {
        host.WriteEnds(partition);
        if (!_isHeld)
            ended(isDurable);
        else if (isDurable)
            End(ClusterEffect.HeldWriteMade, true);
        else if (World.Defect == ClusterDefect.ForeignFrameTakenForOwn)
            ended(true);
        else
            Look(ended);
    }

    private void Unanswered()
    {
        host.WriteEnds(partition);
        if (World.Defect == ClusterDefect.UnknownWriteIsAcknowledged)
        {
            ended(true);
            return;
        }

        _isHeld = true;
        Look(isFound =>
        {
            if (isFound)
                End(ClusterEffect.HeldWriteFound, true);
            else
                Begin();
        });
    }

    private void End(ClusterEffect effect, bool isDurable)
    {
        World.Count(effect);
        ended(isDurable);
    }

    /// <summary>
    /// Asks whether the frame is there, once this host may speak for the journal and the store answers.
    /// </summary>
    private void Look(Action<bool> found)
    {
        if (host.IsLost || host.HasEnded || World.Now - _began >= World.Weather.Engine.WriteHeldMax)
            ended(false);
        else if (!host.IsHeld)
            host.Process.After(_lookEvery, () => Look(found));
        else
            World.Store.Call(
                host, () => World.Store.Frames.Has(partition, frame), found,
                () => host.Process.After(_lookEvery, () => Look(found)));
    }
}
