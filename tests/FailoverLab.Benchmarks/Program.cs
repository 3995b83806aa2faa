using System.Globalization;
using FailoverLab.Benchmarks;

if (args is ["generate", var file, var packets, var flows, ..])
{
    var recipe = new CaptureRecipe(file, long.Parse(packets, CultureInfo.InvariantCulture), int.Parse(flows, CultureInfo.InvariantCulture), 146, file.EndsWith("ng", StringComparison.Ordinal), 1);
    CaptureGenerator.Write(recipe);
    return 0;
}

if (args is ["captures", var program, .. var rest])
{
    var folder = Directory.CreateTempSubdirectory("failoverlab-benchmark");
    try
    {
        var turns = rest.Where(a => int.TryParse(a, out _)).Select(a => int.Parse(a, CultureInfo.InvariantCulture)).FirstOrDefault(5);
        new CaptureBenchmark(program, turns, folder.FullName, rest.Contains("large")).Run();
    }
    finally
    {
        folder.Delete(recursive: true);
    }

    return 0;
}

if (args is ["tunnel", var stack, .. var numbers])
{
    var folder = Directory.CreateTempSubdirectory("failoverlab-benchmark");
    try
    {
        var (turns, seconds) = (numbers is [var t, ..] ? int.Parse(t, CultureInfo.InvariantCulture) : 5, numbers is [_, var s] ? int.Parse(s, CultureInfo.InvariantCulture) : 5);
        new TunnelBenchmark(stack, turns, seconds, folder.FullName).Run();
    }
    finally
    {
        folder.Delete(recursive: true);
    }

    return 0;
}

Console.Error.WriteLine("generate FILE PACKETS FLOWS | captures PROGRAM [TURNS] [large] | tunnel PROGRAM [TURNS] [SECONDS]");
return 2;
