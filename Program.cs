return await FailoverLab.Cli.CommandLine.RunAsync(args);
