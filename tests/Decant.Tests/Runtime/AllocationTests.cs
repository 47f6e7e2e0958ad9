using Decant.Core;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Runtime;

/// <summary>A run after the first allocates nothing.</summary>
public class AllocationTests
{
    [Theory]
    [InlineData("zoo:lenet-300-100", 1)]
    [InlineData("zoo:lenet-5", 1)]
    [InlineData("zoo:lenet-5", 2)]
    public void ARunAfterTheFirstAllocatesNothing(string model, int threads)
    {
        Network network = Models.Load(model);
        using InferenceSession session = new InferenceModel(
            network,
            new InferenceOptions { Threads = threads }
        ).CreateSession();
        Allocations.None(() =>
        {
            for (int i = 0; i < 100; i++)
                session.Run();
        });
    }
}
