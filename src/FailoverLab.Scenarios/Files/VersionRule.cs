using System.Globalization;
using FailoverLab.Yaml;

namespace FailoverLab.Scenarios;

/// <summary>Every file of ours says which version of its form it follows.</summary>
internal static class VersionRule
{
    private const int Known = 1;

    public static void Check(MappingReader reader)
    {
        var version = reader.Require("version");
        if (version.Text() is { } text && text != Known.ToString(CultureInfo.InvariantCulture))
        {
            version.Error(ScenarioCodes.Version, $"version '{text}' is not one this program reads", $"write version: {Known}");
        }
    }
}
