namespace Decant.Runtime.Stages;

/// <summary>A stage that reads or makes tensors.</summary>
internal abstract class TensorStage : Stage
{
    /// <summary>The tensors of the session.</summary>
    public Tensor?[] Slots { get; set; } = [];

    /// <summary>The slots it reads and fills.</summary>
    public abstract IEnumerable<int> SlotsUsed { get; }

    public override void Bind()
    {
    }
}
