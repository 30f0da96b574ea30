using System.Diagnostics;
using Amoe.Bench.Ladder;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions;
using Clock = Amoe.Bench.Ladder.Clock;

namespace Amoe.Bench.Peers;

/// <summary>The result of one run of a peer.</summary>
/// <param name="UnderWay">
/// Commands under way on average: fewer than allowed where students have to wait for themselves.
/// </param>
/// <param name="IsWhole">False when it was stopped before the year's end.</param>
internal sealed record Driven(Taken Taken, long Commands, double UnderWay, bool IsWhole);

/// <summary>
/// Keeps a number of commands under way on a peer that is asked one command at a time: each student's in order and one
/// at a time, days as they come, and what falls due when it does. Days wait for no one: a student who is still busy
/// with an earlier one goes on by itself.
/// </summary>
internal sealed class Driver
{
    private static readonly TimeSpan _answerTimeout = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly PeerRun _run;
    private readonly IPeer _peer;
    private readonly Lane[] _lanes;
    private readonly Dictionary<StudentId, Lane> _byStudent;
    private readonly YearCommand[] _commands;
    private readonly DueCalendar _calendar = new();
    private DateOnly _today;
    private int _at;
    private int _busy;
    private long _asked;
    private long _busySum;
    private ulong _digest;
    private long _started;
    private bool _isStopped;

    public Driver(PeerRun run, IPeer peer)
    {
        (_run, _peer, _today) = (run, peer, run.Year.Opens);
        _lanes = [.. Enumerable.Range(0, run.Students).Select(run.Year.NewLane)];
        _byStudent = _lanes.ToDictionary(lane => lane.Student);
        _commands = run.Year.Of(run.Students);
    }

    /// <summary>Runs the year until its end, or the end of the time.</summary>
    /// <exception cref="PeerException">The peer decided otherwise than the engine, or does not answer.</exception>
    public async Task<Driven> RunAsync()
    {
        var clock = Clock.Start(_run.Store);
        _started = Stopwatch.GetTimestamp();
        try
        {
            // Each on the pool: what a peer does before its first await must not keep the others waiting.
            var workers = Enumerable.Range(0, _run.Concurrency).Select(_ => Task.Run(WorkAsync));
            await Task.WhenAll(workers).WaitAsync(_run.Limit + _answerTimeout);
        }
        catch (TimeoutException)
        {
            throw new PeerException($"{_run.Name} did not answer {_busy:N0} commands");
        }

        var taken = clock.Stop();
        var isWhole = !_isStopped;
        if (_digest != (isWhole ? _run.Year.DigestOf(_run.Students) : _run.Year.DigestOf(_lanes)))
            throw new PeerException($"{_run.Name} with {_run.Concurrency} under way decided otherwise than the engine");
        var commands = _lanes.Sum(lane => (long)lane.CommandsDone);
        return new Driven(taken, commands, (double)_busySum / Math.Max(1, _asked), isWhole);
    }

    private async Task WorkAsync()
    {
        try
        {
            for (var lane = Begin(out var item); lane is not null;)
            {
                var decided = await _peer.AskAsync(lane.Student, item.Command, item.Day).ConfigureAwait(false);
                lane = GoOn(lane, item, decided, out item);
            }
        }
        catch
        {
            _isStopped = true;
            throw;
        }
    }

    private Lane? Begin(out Item item)
    {
        lock (_gate)
            return Take_NeedsLock(out item);
    }

    /// <summary>The student's next item, so that it keeps its order; another student's where it has none.</summary>
    private Lane? GoOn(Lane lane, Item done, in Decided decided, out Item item)
    {
        lock (_gate)
        {
            lane.Note(done, decided);
            _digest += decided.Digest;
            _busy--;
            if (!IsOver() && lane.TryNext(_today, out item))
                return Started_NeedsLock(lane);
            lane.IsBusy = false;
            if (lane.Due != DateOnly.MaxValue)
                _calendar.Add(lane.Due, lane.Student);
            return Take_NeedsLock(out item);
        }
    }

    private Lane? Take_NeedsLock(out Item item)
    {
        while (!IsOver())
        {
            if (_calendar.TryTake(_today, out var student))
            {
                if (_byStudent[student] is { IsBusy: false } due && due.TryNext(_today, out item))
                    return Started_NeedsLock(due);
            }
            else if (_at < _commands.Length && _commands[_at].Day == _today)
            {
                var lane = _lanes[_commands[_at++].Lane];
                lane.Released++;
                if (!lane.IsBusy && lane.TryNext(_today, out item))
                    return Started_NeedsLock(lane);
            }
            else if (_today < _run.Year.Closes)
            {
                _today = _today.AddDays(1);
            }
            else
            {
                break;
            }
        }

        item = default;
        return null;
    }

    private Lane Started_NeedsLock(Lane lane)
    {
        lane.IsBusy = true;
        _busySum += ++_busy;
        _asked++;
        return lane;
    }

    private bool IsOver()
    {
        if (!_isStopped && (_run.Stop.IsCancellationRequested || Stopwatch.GetElapsedTime(_started) > _run.Limit))
            _isStopped = true;
        return _isStopped;
    }
}
