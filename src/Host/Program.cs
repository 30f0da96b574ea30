using Amoe.Host;

return await CommandLine.RunAsync(args, TimeProvider.System);
