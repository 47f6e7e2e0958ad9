using Decant.Data;
using Xunit;

namespace Decant.Tests.Data;

public sealed class TrigonometryTests
{
    [Fact]
    public void Agrees_with_the_C_library_within_a_turn()
    {
        for (double a = -2 * Math.PI; a <= 2 * Math.PI; a += 0.01)
        {
            var (sin, cos) = Trigonometry.SinCos(a);
            Assert.Equal(Math.Sin(a), sin, 1e-6);
            Assert.Equal(Math.Cos(a), cos, 1e-6);
            if (Math.Abs(a) <= Math.PI)
                Assert.Equal(Math.Sin(a), sin, 1e-12);
        }
    }
}
