  lifecycle {
    precondition {
      condition     = !strcontains(local.policy, "PUT-")
      error_message = "Put in what ends in HERE first."
    }
  }
