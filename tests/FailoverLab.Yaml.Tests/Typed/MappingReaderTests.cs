using System.Text;
using FailoverLab.Primitives;

namespace FailoverLab.Yaml.Tests;

public sealed class MappingReaderTests
{
    [Test]
    public void Read_SeveralFaults_AllReportedAtOnceWithPlaceAndCure()
    {
        const string Text = """
            name: x
            inteval: 5ms
            delay: 150
            loss: 15
            rate: 20Mbps
            port: 70000
            mode: fats
            every: 20s
            """;
        var bag = new DiagnosticBag();
        var reader = MappingReader.Open(YamlReader.Read(Encoding.UTF8.GetBytes(Text), "f.yaml", bag), bag, "the file")!;
        var name = reader.Require("name").Text();
        var interval = reader.Optional("interval").Duration(TimeSpan.Zero, TimeSpan.FromSeconds(1));
        reader.Optional("delay").Duration(TimeSpan.Zero, TimeSpan.FromSeconds(1));
        reader.Optional("loss").Ratio();
        reader.Optional("rate").Rate();
        reader.Optional("port").WholeNumber(1, 65535);
        reader.Optional("mode").OneOf("fast", "slow");
        reader.Optional("every").Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
        reader.Require("psk").Text();
        reader.Finish();
        string[] expected =
        [
            "f.yaml:1:1: error FL1021: the file lacks the key 'psk'",
            "f.yaml:2:1: error FL1020: unknown key 'inteval' in the file; allowed: name, interval, delay, loss, rate, port, mode, every, psk (did you mean 'interval'?)",
            "f.yaml:3:8: error FL1024: 'delay' '150' is not a duration with its unit (us, ms, s, m, h) (write 150ms)",
            "f.yaml:4:7: error FL1024: 'loss' '15' is not a share of 0% to 100% (write 15%)",
            "f.yaml:5:7: error FL1024: 'rate' '20Mbps' is not a rate of 1bit/s to 1000Gbit/s (bit/s, kbit/s, Mbit/s, Gbit/s) (write 20Mbit/s)",
            "f.yaml:6:7: error FL1025: 'port' 70000 is out of range: 1 to 65535",
            "f.yaml:7:7: error FL1026: 'mode' 'fats' is not one of: fast, slow (did you mean 'fast'?)",
            "f.yaml:8:8: error FL1025: 'every' 20s is out of range: 1ms to 10s",
        ];
        Assert.Multiple(() =>
        {
            Assert.That(name, Is.EqualTo("x"));
            Assert.That(interval, Is.Null);
            Assert.That(bag.Sorted().Select(d => d.ToString()), Is.EqualTo(expected));
        });
    }
}
