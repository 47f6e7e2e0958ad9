using Decant.Core;
using Decant.Data;
using Xunit;

namespace Decant.Tests.Data.Tasks;

public sealed class LearningTasksTests
{
    private static Tensor Of(ElementType type, params int[] shape) => Tensor.Zeros(type, new Shape(shape));

    private static Tensor Floats(params int[] shape) => TaskFixtures.Floats(Rng.For(1, "tasks"), shape);

    private static string Chosen(Network network, params (string, Tensor)[] targets) =>
        LearningTasks.For(network, TaskFixtures.Data(2, targets)).Name;

    [Fact]
    public void TargetsSayWhichTaskItIs()
    {
        Network vector = TaskFixtures.Network(("y", ElementType.Float32, new Shape(-1, 3))),
            map = TaskFixtures.Network(("y", ElementType.Float32, new Shape(-1, 3, 4, 5))),
            boxes = TaskFixtures.Network(
                ("scores", ElementType.Float32, new Shape(-1, 9, 2)),
                ("boxes", ElementType.Float32, new Shape(-1, 9, 4))
            );
        Assert.Equal("classification", Chosen(vector, ("y", Tensor.Vector(0L, 2))));
        Assert.Equal("multi-label", Chosen(vector, ("y", Of(ElementType.Bool, 2, 3))));
        Assert.Equal("multi-label", Chosen(vector, ("y", Of(ElementType.Float64, 2, 3))));
        Assert.Equal("regression", Chosen(vector, ("y", Floats(2, 3))));
        Assert.Equal("regression", Chosen(map, ("y", Floats(2, 3, 4, 5))));
        Assert.Equal("segmentation", Chosen(map, ("y", Of(ElementType.UInt8, 2, 4, 5))));
        Assert.Equal("segmentation", Chosen(map, ("y", Of(ElementType.Int64, 2, 1, 4, 5))));
        Assert.Equal("detection", Chosen(boxes, ("boxes", Floats(2, 3, 4)), ("classes", Of(ElementType.Int32, 2, 3))));
        Assert.Equal("fidelity", Chosen(vector));
        Assert.Equal("fidelity", Chosen(vector, ("y", Floats(2, 4))));
        Assert.Equal("fidelity", Chosen(vector, ("y", TaskFixtures.Integers(new Rng(1), 9, 2, 3))));
        Assert.Equal("fidelity", Chosen(vector, ("a", Floats(2, 3)), ("b", Floats(2, 3))));
    }

    [Fact]
    public void ARefusalSaysWhichTasksFit()
    {
        Network vector = TaskFixtures.Network(("y", ElementType.Float32, new Shape(-1, 3)));
        string refusal = TaskFixtures.Refusal(
            new Classification(),
            vector,
            TaskFixtures.Data(2, ("y", Of(ElementType.Float32, 2, 3)))
        );
        Assert.Equal(
            "data set 'said' has 'y' Float32 3; classification needs one integer an example, its class; outputs and "
                + "targets fit multi-label, regression, restoration, fidelity to another network",
            refusal
        );
        refusal = TaskFixtures.Refusal(new Embedding(), vector, TaskFixtures.Data(2, ("y", Floats(2, 3))));
        Assert.EndsWith("outputs and targets fit regression, restoration, fidelity to another network", refusal);
        Network doubles = TaskFixtures.Network(("y", ElementType.Float64, new Shape(-1, 3)));
        Assert.DoesNotContain("targets fit", TaskFixtures.Refusal(new Fidelity(), doubles, TaskFixtures.Data(2)));
    }

    [Fact]
    public void EveryTaskHasItsNameAndTakesItsOptions()
    {
        foreach (string name in LearningTasks.Names)
        {
            Assert.Equal(name, LearningTasks.Of(name).Name);
            if (LearningTasks.OptionsOf(name) is { } type)
                Assert.Equal(name, LearningTasks.Of(name, Activator.CreateInstance(type)).Name);
        }
        var options = new DetectionOptions { Background = 0 };
        Assert.Same(options, Assert.IsType<Detection>(LearningTasks.Of("detection", options)).Options);
        foreach (
            object wrong in new object[]
            {
                new DetectionOptions { MostDetections = 0 },
                new DetectionOptions { IouThreshold = 1.5 },
                new DetectionOptions { ScoreThreshold = double.NaN },
            }
        )
            Assert.Throws<OptionsException>(() => LearningTasks.Of("detection", wrong));
        Assert.Throws<OptionsException>(() => new MultiLabel(new MultiLabelOptions { Threshold = 50 }));
        Assert.Throws<OptionsException>(() => new Restoration(new RestorationOptions { Peak = -1 }));
        Assert.Equal(
            "the task 'segmentation' takes SegmentationOptions, not DetectionOptions",
            Assert.Throws<DataException>(() => LearningTasks.Of("segmentation", options)).Message
        );
        Assert.Equal(
            "the task 'regression' takes no options",
            Assert.Throws<DataException>(() => LearningTasks.Of("regression", options)).Message
        );
    }
}
