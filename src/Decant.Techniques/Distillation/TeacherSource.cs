namespace Decant.Techniques.Distillation;

/// <summary>Which network teaches.</summary>
public enum TeacherSource
{
    /// <summary>The one that the run began with.</summary>
    Start,

    /// <summary>Another, which the run is given.</summary>
    Teacher,
}
