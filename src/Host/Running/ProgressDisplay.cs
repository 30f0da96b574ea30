using Amoe.Engine.Figures;
using Amoe.Host.Reports;
using Amoe.Simulator.Running;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Amoe.Host.Running;

/// <summary>
/// Shows how far a simulation has come while it runs: on a terminal a picture that is drawn again, elsewhere a line
/// every ten seconds. It asks a few times a second at most, and so costs the run nothing.
/// </summary>
internal sealed class ProgressDisplay(Terminal terminal, SimulationRequest request, Func<SimulationProgress?> progress)
{
    private const int BarWidth = 30;
    private const int WidthMax = 66;
    private const int TicksALine = 40;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly string _title =
        $"{request.Scenario.Name}, scale {Format.Scale(request.ScaleThousandths)}, seed {request.Seed}";
    private SimulationProgress? _first;

    /// <summary>True once a stop was asked for.</summary>
    public bool IsStopping { get; set; }

    public Task ShowAsync(CancellationToken until) => terminal.IsWatched ? PictureAsync(until) : LinesAsync(until);

    private async Task PictureAsync(CancellationToken until)
    {
        terminal.IsDrawing = true;
        await terminal.Error.Live(new Text(_title))
            .AutoClear(true)
            .StartAsync(live => EachTickAsync(() => live.UpdateTarget(Picture()), until));
        terminal.IsDrawing = false;
    }

    private Task LinesAsync(CancellationToken until)
    {
        var ticks = 0;
        return EachTickAsync(
            () =>
            {
                // Looked at before the first line too: time left is reckoned from where the run began.
                var now = Now();
                if (++ticks % TicksALine == 0)
                    terminal.Line(Line(now));
            },
            until);
    }

    private async Task EachTickAsync(Action show, CancellationToken until)
    {
        using var timer = new PeriodicTimer(Tick, terminal.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(until))
                show();
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private string Line(SimulationProgress? progress)
    {
        if (progress is not { } now)
            return $"{_title}: getting ready";
        var begin =
            $"{Format.Date(now.Day)} {Percent(now)}, {Left(now)}, {Format.Count(now.Declarations)} declarations, ";
        var rate = $"{Format.Count((long)Format.PerSecond(now.CommandsThisRun, now.Elapsed))} commands/s, ";
        var end = Format.Bytes(Memory.NowBytes);
        return now.Engine is { } engine
            ? $"{begin}{Format.Count(engine.Totals[Counter.Active])} active, {Format.Count(now.Claims)} claims, {Format.Dirhams(engine.Totals.Payments.PaidCentimes)}, "
                + $"{rate}commit p50 {Format.Ms(engine.CommitP50Ms)} p99 {Format.Ms(engine.CommitP99Ms)}, {end}"
            : $"{begin}{Format.Count(now.Claims)} claims, {rate}{end}";
    }

    private Rows Picture()
    {
        // No wider than it has to be: a window may be made narrower under it.
        terminal.Error.Profile.Width = Math.Min(Console.WindowWidth, WidthMax);
        if (Now() is not { } now)
            return new Rows(Bold(_title), new Text("getting ready"));
        var figures = new Grid()
            .AddColumn(new GridColumn().NoWrap())
            .AddColumn(new GridColumn().NoWrap().RightAligned())
            .AddColumn(new GridColumn().NoWrap().PadLeft(4)).AddColumn(new GridColumn().NoWrap().RightAligned());
        Add(
            figures, "declarations", Format.Count(now.Declarations), "commands/s",
            Format.Count((long)Format.PerSecond(now.CommandsThisRun, now.Elapsed)));
        if (now.Engine is { } engine)
        {
            Add(
                figures, "active", Format.Count(engine.Totals[Counter.Active]), "events/s",
                Format.Count((long)Format.PerSecond(engine.EventsThisRun, now.Elapsed)));
            Add(
                figures, "suspended", Format.Count(engine.Totals[Counter.Suspended]), "commit p50",
                Format.Ms(engine.CommitP50Ms));
            Add(
                figures, "paid", Format.Dirhams(engine.Totals.Payments.PaidCentimes), "commit p99",
                Format.Ms(engine.CommitP99Ms));
        }

        Add(figures, "claims", Format.Count(now.Claims), "memory", Format.Bytes(Memory.NowBytes));
        var filled = (int)(BarWidth * now.Share);
        return new Rows(
            Bold(_title),
            new Text(
                $"{Format.Date(now.Day)} {new string('█', filled)}{new string('░', BarWidth - filled)} {Percent(now)}, {Left(now)}"),
            figures,
            new Text(
                IsStopping ? "stopping at the end of the day; Ctrl-C again ends at once" : "Ctrl-C stops cleanly",
                new Style(decoration: Decoration.Dim)));
    }

    private static void Add(Grid grid, params string[] cells) =>
        grid.AddRow(Array.ConvertAll<string, IRenderable>(cells, cell => new Text(cell)));

    private static Text Bold(string text) => new(text, new Style(decoration: Decoration.Bold));

    private SimulationProgress? Now()
    {
        var now = progress();
        _first ??= now;
        return now;
    }

    private static string Percent(SimulationProgress now) => $"{(int)(now.Share * 100)} %";

    private string Left(SimulationProgress now) =>
        now.LeftSince(_first!) is { } left ? $"{Format.Duration(left)} left" : "time left unknown";
}
