using System.Globalization;
using FailoverLab.Benchmarks;

if (args is ["generate", var file, var packets, var flows, ..])
{
    var recipe = new CaptureRecipe(file, long.Parse(packets, CultureInfo.InvariantCulture), int.Parse(flows, CultureInfo.InvariantCulture), 146, file.EndsWith("ng", StringComparison.Ordinal), 1);
    CaptureGenerator.Write(recipe);
    return 0;
}

return 2;
