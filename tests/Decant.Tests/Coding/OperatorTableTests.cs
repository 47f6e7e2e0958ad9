using Decant.Coding;
using Decant.Core;
using Xunit;

namespace Decant.Tests.Coding;

public sealed class OperatorTableTests
{
    [Fact]
    public void EveryOperatorOfTheCatalogueHasANumber()
    {
        Assert.Empty(OperatorCatalogue.Types.Except(OperatorTable.Types));
        Assert.Equal(OperatorTable.Types.Length, OperatorTable.Types.Distinct().Count());
        Assert.InRange(OperatorTable.Types.Length, 1, OperatorTable.Spelt);
    }

    [Fact]
    public void NumbersStayAsTheyAre()
    {
        // New types go behind these; if this fails, files that are there are read wrongly.
        static uint Sum(string[] names, int count) =>
            Crc32.Of(System.Text.Encoding.UTF8.GetBytes(string.Join(' ', names[..count])));
        Assert.Equal((2647457971u, 1819070200u), (Sum(OperatorTable.Types, 119), Sum(OperatorTable.Names, 20)));
    }

    [Fact]
    public void TypesThatWereSpeltOutAreStillRead()
    {
        // x, LeakyRelu of alpha 0.5, Erf, y: written when neither type had a number.
        byte[] bytes = Convert.FromHexString(
            "44434E540101C001705305D4B4FC8E170750CED1FB3F8B9AD5E61BB5FADE36F657345E"
                + "B0DFCAC48170B04DD536BD6F32EA97510E0931AAA75EA8CEF71612CB44"
        );
        Network network = Networks.Read(bytes);
        Assert.Equal(["LeakyRelu", "Erf"], network.Nodes.Select(n => n.Operator.Type));
        Assert.Equal(0.5f, network.Nodes[0].Operator.Attributes.Float("alpha", 0));
        byte[] again = Networks.Write(network);
        Assert.True(again.Length < bytes.Length);
        Networks.AssertSame(network, Networks.Read(again));
    }
}
