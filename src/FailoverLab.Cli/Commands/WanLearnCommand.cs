using System.CommandLine;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary><c>wan learn LOG --out F</c>: a profile from a measurement.</summary>
internal static class WanLearnCommand
{
    public static Command Create(CommandContext context)
    {
        var log = new Argument<string>("LOG") { Description = "What irtt client -o, ping -D -O or fping -D -l wrote." };
        var to = new Option<string>("--out") { HelpName = "FILE", Required = true, Description = "The profile; its name is the file's. - for the standard output, named learned." };
        var command = new Command("learn", "Learn a link profile from a measurement: delay as a table, loss, bursts.") { log, to };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(to);
            var name = path == "-" ? "learned" : Path.GetFileNameWithoutExtension(path);
            if (!LearnedProfile.IsName(name))
            {
                context.Error.WriteLine($"error: a profile is named by its file, and '{name}' is not {LearnedProfile.NameWords}; give --out another");
                return (int)ExitCode.Usage;
            }

            var bag = new DiagnosticBag();
            var trips = MeasurementLog.Read(parsed.GetRequiredValue(log), bag);
            context.ShowDiagnostics(bag.Sorted());
            if (trips is null)
            {
                return (int)ExitCode.InvalidFile;
            }

            try
            {
                var learned = ProfileLearner.Learn(trips);
                return (int)WanFiles.Write(context, path, learned.Yaml(name, Path.GetFileName(parsed.GetRequiredValue(log))));
            }
            catch (ArgumentException e)
            {
                context.Error.WriteLine(e.Message);
                return (int)ExitCode.InvalidFile;
            }
        });
        return command;
    }
}
