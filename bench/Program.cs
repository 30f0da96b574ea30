using System.CommandLine;
using Amoe.Bench.Ladder;
using Amoe.Bench.Marginals;
using Amoe.Bench.Micro;

var root = new RootCommand("How fast and how small the engine is, part by part (micro) and on top of the disk (ladder); and how far its figures are spread (marginals).")
{
    MicroVerb.Create(),
    LadderVerb.Create(),
    LadderVerb.CreateTable(),
    MarginalsVerb.Create(),
};
return await root.Parse(args).InvokeAsync();
