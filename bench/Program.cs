using System.CommandLine;
using Amoe.Bench.Http;
using Amoe.Bench.Ladder;
using Amoe.Bench.Marginals;
using Amoe.Bench.Micro;
using Amoe.Bench.Peers;

var root = new RootCommand(
    "How fast and how small the engine is, part by part (micro) and on top of the disk (ladder); how far its figures are spread (marginals); how others do the same (peers); and calls over HTTP (http).")
{
    MicroVerb.Create(),
    LadderVerb.Create(),
    LadderVerb.CreateTable(),
    MarginalsVerb.Create(),
    PeersVerb.Create(),
    PeersVerb.CreateTable(),
    HttpVerb.Create(),
    HttpVerb.CreateTable(),
    HttpVerb.CreateTextbook(),
};

// A server takes longer to end than the two seconds that a command has after Ctrl-C by default.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) };
return await root.Parse(args).InvokeAsync(configuration);
